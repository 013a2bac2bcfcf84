{{ stage('custom', 'contacts') }}
